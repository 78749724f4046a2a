# Sourced by the scripts that need packages of the system.

# Installs Debian packages where that needs no password: as root, or with a sudo that does not ask.
install_packages() {
  command -v apt-get >/dev/null 2>&1 || return 1
  local apt=(apt-get)
  if [ "$(id -u)" -ne 0 ]; then
    sudo -n true 2>/dev/null || return 1
    apt=(sudo -n apt-get)
  fi
  echo "Installing $* with ${apt[*]} ..." >&2
  "${apt[@]}" -qq update && DEBIAN_FRONTEND=noninteractive "${apt[@]}" -qq -y install "$@" >&2
}
